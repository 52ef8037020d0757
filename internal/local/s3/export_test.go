package s3

// GatewayAddr is where the gateway listens, behind the proxy.
func GatewayAddr(s *Store) string { return s.addr }

// KillGateway ends the gateway as nobody asked for.
func KillGateway(s *Store) { _ = s.process.Kill() }
