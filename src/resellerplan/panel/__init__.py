"""The real panel, in our words.

Here lives: the transport, two dialects, the table of calls, detection, the snapshot, the writer, letters, the audit log.
Does not know: manifests, plans, how anything is shown.
Start reading at: client.py, then calls.py, snapshot.py (with gathering/) and writer.py.
"""
