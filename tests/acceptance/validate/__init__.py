"""Broken manifests, one folder each under ``cases``, with the exact text that ``validate`` prints about them."""
