"""Here live the two faces of the panel: bytes of a request in, bytes of a reply out.

Does not know what any operation does, nor the store; it speaks :mod:`resellerplan.simpanel.wire` to the panel.
Start reading at ``asmx`` (1.x) and ``corewcf`` (2.x).
"""
