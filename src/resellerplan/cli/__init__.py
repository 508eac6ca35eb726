"""One file per verb, and what they share.

Here lives: argv and environment -> settings, wiring (the composition root), the error boundary, exit codes.
Does not know: how anything is computed.
Start reading at: main.py, wiring.py, commands/plan.py.
"""
