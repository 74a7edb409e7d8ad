"""Every word that is given to a language model or said by the coach, as versioned YAML beside this file.

`load(name)` is the only way in. It answers a `Prompt`: the parsed content, its version and a SHA-256 hash of
the file's bytes, which is stored with each turn that the file shaped.
"""

from prompts.loader import Prompt, PromptError, load

__all__ = ["Prompt", "PromptError", "load"]
