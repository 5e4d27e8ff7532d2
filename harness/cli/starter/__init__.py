"""The suite that `harness init` writes: an invoice, its schema, its gold label and a prompt."""
