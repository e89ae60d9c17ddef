"""The list as XML 1.1: an ``export`` with one ``sanctionEntity`` for each entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

from screening.adapters.eu_sanctions.listing import (
    STRONG,
    SUBJECT,
    Alias,
    Entity,
    List,
    Unreadable,
    countries,
    day,
    whole,
)


def read(content: bytes) -> List:
    """The list from the bytes of a file; a file that declares entities of XML is refused before any is expanded.

    Raises:
        Unreadable: not XML, not whole, not the list, or without its date.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("filen deklarerar egna XML-entiteter; det gör inte EU:s lista") from None
    except (ParseError, ValueError, LookupError):
        raise Unreadable("filen är inte XML, eller är avhuggen") from None
    list_on = day(root.get("generationDate"))
    if _tag(root) != "export" or list_on is None:
        raise Unreadable("filen är inte EU:s konsoliderade lista (export med generationDate)")
    entities = [_entity(item) for item in root if _tag(item) == "sanctionEntity"]
    return List(list_on, sha256(content).hexdigest(), [item for item in entities if item.aliases])


def _entity(node: Element) -> Entity:
    children: dict[str, list[Element]] = defaultdict(list)
    for child in node:
        children[_tag(child)].append(child)
    first = children["regulation"][0].attrib if children["regulation"] else {}
    code = children["subjectType"][0].get("code", "") if children["subjectType"] else ""
    places = (*children["citizenship"], *children["address"], *children["identification"])
    return Entity(
        id=node.get("euReferenceNumber") or f"logicalId {node.get('logicalId', '')}",
        subject=SUBJECT.get(code),
        aliases=tuple(_aliases(children["nameAlias"])),
        countries=countries(item.get("countryIso2Code", "") for item in places),
        regulation=first.get("numberTitle"),
        programme=first.get("programme"),
        listed_on=day(first.get("publicationDate")),
    )


def _aliases(nodes: Iterable[Element]) -> Iterator[Alias]:
    for node in nodes:
        name = node.get("wholeName") or " ".join(node.get(key, "") for key in ("firstName", "middleName", "lastName"))
        if name.strip():
            yield Alias(whole([name]), STRONG.get(node.get("strong", "")))


def _tag(node: Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rsplit("}", 1)[-1]
