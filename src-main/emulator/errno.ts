/** Error numbers of the emulated kernel (sys/errno.h). */
export const EPERM = 1;
export const ESRCH = 3;
export const EINTR = 4;
export const ECHILD = 10;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EBUSY = 16;
export const EINVAL = 22;
export const ERANGE = 34;
export const ETIME = 62;
export const ENOSYS = 89;
