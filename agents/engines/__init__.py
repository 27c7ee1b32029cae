"""Where work that falls into independent pieces is done: in this process, in several, or on many machines.

A piece is a plain function and a plain argument, both picklable; what it gives depends on nothing else, so that every
engine gives the same. Knows nothing of what the pieces are.
"""

from brigade.agents.engines.engine import ENGINES, Engine, EngineError, engine_named

__all__ = ["ENGINES", "Engine", "EngineError", "engine_named"]
