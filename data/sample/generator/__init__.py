"""Makes the sample municipality: one module per kind of file, all from the same firms and stories."""
