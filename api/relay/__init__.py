"""Text beside voice without WebRTC: the API joins the learner's room for them and relays over plain HTTPS."""
