"""The embedded provider: wire-faithful answers from a world file, for demo, tests and training."""
