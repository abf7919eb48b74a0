"""Parts that several workspaces use; none of them knows a workspace."""
