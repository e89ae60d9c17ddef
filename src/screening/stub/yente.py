"""OpenSanctions' matcher yente: a catalogue with the version of each list, and batches of at most 100 questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.names import likeness
from screening.stub.app import Ask, Stub
from screening.stub.world import Listed

HAS_TOKENS: Final = False
DATASET: Final = "eu_fsf"
MOST: Final = 100
FEW: Final = 5
CUT_OFF: Final = 0.5
SCENARIOS: Final = {
    "half_batch": "one question of a batch fails, inside a 200",
    "no_answer": "one question of a batch is left out of the answer",
    "small_batch": f"a batch of more than {FEW} questions is refused with 400",
    "old_list": "the index was made four months ago",
    "no_index": "the list is known, and has not been indexed",
    "odd": "numbers as texts, null for empty lists, members beside those that are known",
}
ERRORS: Final = {kind: {"detail": kind} for kind in ("error", "down", "unauthorized", "forbidden", "throttled")}


def routes(stub: Stub) -> list[Route]:
    """The two operations; whoever reaches a server of one's own may ask."""
    return [
        stub.route("/catalog", _catalogue, operation="catalogue", authorised=lambda _: True),
        stub.route("/match/{dataset}", _match, operation="match", method="POST", authorised=lambda _: True),
    ]


async def _catalogue(ask: Ask) -> Response:
    made = ask.day - timedelta(days=120 if "old_list" in ask.scenarios else 2)
    version = f"{made:%Y%m%d}061502-abc"
    listed = len(ask.stub.world.listed)
    row = {
        "name": DATASET,
        "title": "EU Financial Sanctions Files (FSF)",
        "load": True,
        "version": version,
        "index_version": None if "no_index" in ask.scenarios else version,
        "index_current": "no_index" not in ask.scenarios,
        "entity_count": str(listed) if "odd" in ask.scenarios else listed,
        "children": [],
    }
    return JSONResponse({"datasets": [row], "current": [DATASET], "outdated": [], "index_stale": False})


async def _match(ask: Ask) -> Response:
    body = await ask.json()
    queries = body.get("queries") if isinstance(body, dict) else None
    if ask.request.path_params["dataset"] != DATASET:
        return JSONResponse({"detail": "No such dataset."}, 404)
    if not isinstance(queries, dict) or not queries:
        return JSONResponse({"detail": "No queries provided."}, 400)
    most = FEW if "small_batch" in ask.scenarios else MOST
    if len(queries) > most:
        return JSONResponse({"detail": f"Too many queries in one batch (limit: {most})"}, 400)
    responses = {key: _matches(ask, query) for key, query in queries.items()}
    first = next(iter(responses))
    if "half_batch" in ask.scenarios or ask.partial:
        responses[first] = {
            "status": 500,
            "results": [],
            "total": {"value": 0, "relation": "eq"},
            "query": queries[first],
        }
    if "no_answer" in ask.scenarios:
        del responses[first]
    return JSONResponse({"responses": responses, "limit": 5}, headers={"x-batch-size": str(len(responses))})


def _matches(ask: Ask, query: dict[str, Any]) -> dict[str, Any]:
    """Every listed entity with a name that is alike."""
    names = [str(name) for name in query.get("properties", {}).get("name", ())]
    scored = [(_score(names, row), row) for row in ask.stub.world.listed]
    results: list[Any] = [_result(ask, score, row) for score, row in scored if score >= CUT_OFF]
    found: dict[str, Any] = {"status": 200, "results": results, "total": {"value": len(results), "relation": "eq"}}
    if "odd" in ask.scenarios:
        found |= {"status": "200", "results": results or None, "newMember": {"x": 1}}
    return {**found, "query": query}


def _score(names: list[str], row: Listed) -> float:
    return max((likeness(name, other) for name in names for other in (*row.names, *row.weak_names)), default=0.0)


def _result(ask: Ask, score: float, row: Listed) -> dict[str, Any]:
    person = row.subject == "person"
    properties: dict[str, list[str]] = {
        "name": list(row.names[:1]),
        "alias": list(row.names[1:]),
        "weakAlias": list(row.weak_names),
        "nationality" if person else "jurisdiction": [row.country.lower()],
        "topics": ["sanction"],
        "programId": [row.programme],
    }
    return {
        "id": row.id,
        "caption": row.names[0],
        "schema": "Person" if person else "Company",
        "properties": {key: values for key, values in properties.items() if values and values[0]},
        "datasets": [DATASET],
        "referents": [],
        "target": True,
        "first_seen": "2026-03-02T06:15:02",
        "last_seen": f"{ask.day}T06:15:02",
        "last_change": "2026-03-02T06:15:02",
        "score": str(score) if "odd" in ask.scenarios else score,
        "explanations": {},
        "match": score >= 0.7,
    }
