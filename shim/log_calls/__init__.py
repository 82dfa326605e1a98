"""Whether code is evaluating an argument of a log call at this moment, found out from its source.

Legacy code builds the text of a log line in the call itself: `log.debug(f"… {json.dumps(context)}")`. That runs before
there is a record. So `json` and `repr` have to know whether the text that they make is for a log line.

decisions.py  the log call for which a frame is at work, remembered per code location
source.py     the log calls in the statement around a line
statements.py what of a file is parsed for that
columns.py    which of them an instruction belongs to, by its position (CPython 3.11 and later)
bytecode.py   the same by the instructions themselves, where there are no positions
members.py    what `json` and `repr` make of an enum there
loggers.py    what is a logger: by its name, or by the object's class
"""
