// The module's first file; see Sources/README.md.
