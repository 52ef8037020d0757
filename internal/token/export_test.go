package token

// Thumbprint is for the published example.
var Thumbprint = thumbprint
