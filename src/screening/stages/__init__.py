"""The stages of a run, one public function each: intake, plan, collect, derive, judge, compare."""
