"""One snapshot in the making: a file per kind of thing that is read, over what has been gathered so far.

Here lives: what lists tell, what only full records tell and when they are asked for, and what stands for more than one object.
Does not know: how a call is sent (client.py), what stands in for a bulk read that fails (bulk.py), plans.
Start reading at: gathered.py, then lists.py; ../snapshot.py is the road through them.
"""
