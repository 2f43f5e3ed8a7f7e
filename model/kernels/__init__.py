"""Compiled inner loops: arrays in, arrays out, no world, no rule that is not written in its docstring.

Each is compiled once per machine and kept beside the file (or in the user's cache where that is read-only).
Arithmetic stays in the order of the formulas (no fast-math), so results do not depend on the processor's width.
"""
