import pytest

from screening.identity.offences import speaks_of_offence, speaks_of_record


@pytest.mark.parametrize("text", ["Dömd för stöld", "misstänkt", "åtalades i maj", "brottsmisstanke"])
def test_words_about_offences(text: str) -> None:
    """Whatever their form or case."""
    assert speaks_of_offence(text)
    assert speaks_of_record(text)


@pytest.mark.parametrize("text", ["Utan anmärkning", "prickfri", "villkorlig"])
def test_words_by_which_an_extract_is_told(text: str) -> None:
    """Unlawful in an attestation; ordinary words in a reason."""
    assert speaks_of_record(text)
    assert not speaks_of_offence(text)


@pytest.mark.parametrize("text", ["Betald enligt kvitto", "Vd uppger att domänen bytts", "", "Randigt"])
def test_other_words(text: str) -> None:
    """Also those that only begin alike."""
    assert not speaks_of_record(text)
