"""How people reach the assistant: input channels, rendering, and the Rasa agent behind them."""
