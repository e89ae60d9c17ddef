from screening.report.widths import wrapped


def test_lines_of_a_wrapped_text() -> None:
    """Each written line counts, however short."""
    assert wrapped("a\nb\nc", 20) == 3
    assert wrapped("x" * 100, 20) == 5
    assert wrapped("", 1) == 1


def test_words_are_kept_whole_where_they_fit() -> None:
    """A line breaks after a space or a hyphen; a word wider than the column is broken where it must be."""
    assert wrapped("Samhällsbyggnadsförvaltningen", 26) == 1
    assert wrapped("Samhällsbyggnadsförvaltningen", 14) == 2
    assert wrapped("Barn- och utbildningsförvaltningen", 20) == 2
    assert wrapped("ett två tre", 6) == 2


def test_large_type_takes_more_lines() -> None:
    """The first page has other sizes than the lists."""
    assert wrapped("ordentligt mycket text", 20, 9) == 1
    assert wrapped("ordentligt mycket text", 20, 12) == 2
