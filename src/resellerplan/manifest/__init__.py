"""YAML in, estate out.

Here lives: reading files and tables, places, templates, the schema, building the desired estate, and edits of the user's files.
Does not know: the panel, plans of change, how findings are shown.
Start reading at: load.py (the door), then reading.py (the road through the room).
"""
