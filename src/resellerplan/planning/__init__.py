"""Estate x estate -> plan. Pure: the heart.

Here lives: what must change for the live estate to become the desired one, in which order, and what speaks against it.
Does not know: YAML, SOAP, the panel's calls, files, clocks, any third-party package but deepdiff in compare.py.
Start reading at: plan.py (`make_plan`), then diff.py, order.py, guards/.
"""
