"""How much and how learners speak: figures of calls, learners and programs, and who may see which."""
