"""Policy files as workbooks and back."""
