"""Mutation testing of the checks: each is changed in one small way at a time, and the rules' own cases must notice.

Own, since the general tools start a test run for each mutant: some thousand mutants take them hours. A check is pure and
its cases are data, so one process can try a mutant in milliseconds; only what the cases let live goes to pytest.
"""
