"""Results out: every public function takes a value and returns a text.

Here lives: counting once for all (summary.py), text, JSON, forms for pipelines, progress.
Does not know: where a text goes, the panel, files.
Start reading at: summary.py, then as_text.py.
"""
