"""One module per protocol or file kind. Facts out, no judgement."""
