"""Labelled worlds: generated suppliers whose true events are known, to measure what each rule finds and what it invents.

``base`` makes suppliers with nothing wrong, the ``plant_*`` modules give some of them an event, a near miss or a look-alike
and write down what each rule should say in each month, ``months`` takes them through the real store and stages, and
``score`` sets the verdicts against the labels. The limits that labels go by stand in ``catalogue``, copied from the
catalogue of rules and not read from ``rules/`` or ``src/``: two readings of one text, which must agree.
"""
