"""The embedded panel: an honest opponent that other people's SOAP clients cannot tell from a real one.

Here lives: a world on SQLite, the rules of the panel over it, two faces (1.x ASMX, 2.x CoreWCF) before them, and a server.
Does not know: the client's rooms (model, planning, applying, manifest, panel, report): a misreading must not agree with itself.
Start reading at: wsgi.py, then faces/, then services/ and rules.py.
"""
