//go:build !linux

package lambdahost

import "syscall"

// dieWithParent does nothing here. A bootstrap still ends when it finds its
// Runtime API gone, which is as soon as it has finished its call.
var dieWithParent *syscall.SysProcAttr
