"""The verbs.

Here lives: one file per verb, its options at the top, the road as a plain function below.
Does not know: how anything is computed, settings that are not handed in.
Start reading at: plan.py, then apply.py.
"""
