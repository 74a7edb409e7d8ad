"""Mail: queued with what causes it, sent by the job worker, in the reader's language."""
