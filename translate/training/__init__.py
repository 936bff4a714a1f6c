"""Training and adapting packages; needs PyTorch, so the service never imports it."""
