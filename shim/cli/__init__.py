"""The commands of `python -m shim`. Nothing below imports them; what only they need is in the extras."""
