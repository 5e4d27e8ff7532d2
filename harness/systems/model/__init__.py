"""The kind `model`: any model that instructor reaches, asked by OpenAI's protocol or through its own SDK."""
