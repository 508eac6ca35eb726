"""Plan -> outcomes. Touches the world only through ports.

Here lives: lowering a plan to steps, running them in waves, the journal, retries, outcomes, events.
Does not know: SOAP, HTTP, YAML, how anything is shown.
Start reading at: run.py (the loop), then step.py and ports.py.
"""
