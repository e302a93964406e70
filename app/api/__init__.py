"""What programs and agents ask: HTTP, OpenAI's shape, MCP."""
