"""What a manifest means: rules over the whole estate, one subject per file. Each is a function from what was built to Findings."""
