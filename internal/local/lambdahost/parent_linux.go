package lambdahost

import "syscall"

// dieWithParent ends a process with the one that started it, however that
// one ends: no test that is killed leaves a bootstrap behind.
var dieWithParent = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
