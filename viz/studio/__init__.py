"""What the Scenario studio does, without a screen: check a text, edit it in places, keep it, share it."""
