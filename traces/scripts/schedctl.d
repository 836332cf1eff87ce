#!/usr/sbin/dtrace -s
/*
 * schedctl.d - the scheduler and preemption control of illumos and Oracle Solaris, one line an event.
 *
 *	dtrace -q -s schedctl.d -o schedctl.log          (end with Ctrl-C, or -c COMMAND)
 *	schedctl-workbench import schedctl.log -o run.sctrace
 *
 * It has not been run on illumos yet. Drops are told on stderr: keep them with 2>> schedctl.log.
 *
 * Format 1. Every line begins with the same nine fields, and ends with the name of the program:
 *
 *	S1 ns cpu event pid lwp addr class pri [more] name
 *
 *	ns	timestamp: nanoseconds since boot. Lines are NOT in order: buffers are drained CPU by CPU.
 *	cpu	on which the event fired
 *	addr	kthread_t address, hexadecimal: tells the kernel's own threads apart, which are all 0/0
 *	class	scheduling class (TS, IA, FX, FSS, RT, SYS), - where there is none
 *	pri	priority; the idle thread's is -1
 *
 *	event			thread		more
 *	begin			current		hz (clock ticks a second)
 *	on-cpu			current
 *	off-cpu			current		state stype, then of the next thread: pid lwp addr pri
 *	enqueue			args[0]		CPU of the queue (-1: none), 1 for the front and 0 for the back
 *	dequeue			args[0]		CPU of the queue
 *	preempt remain-cpu	current
 *	sleep			current
 *	wakeup			args[0]		pid and lwp of the one who wakes it
 *	change-pri		args[0]		new priority
 *	tick surrender		args[0]
 *	schedctl-nopreempt	args[0]		kernel function: *_tick lets it run on, *_preempt puts it in front
 *	schedctl-preempt	args[0]		kernel function
 *	schedctl-failsafe	args[0]		kernel function (only where the kernel has this probe)
 *	schedctl-yield		current		ticks over the quantum (0 or more; a pointer on Solaris 11.4), kernel function
 *	slot			current		user address of its sc_shared structure, hexadecimal
 *	exit			current
 *
 * state: 1 SSLEEP 2 SRUN 3 SZOMB 4 SSTOP 5 SIDL 6 SONPROC 7 SWAIT; stype: 0 none 1 mutex 2 rwlock 3 condition
 * variable 4 semaphore 5 user-level 6 user-level with priority inheritance 7 shuttle (proc(5)).
 *
 * A thread is pid and lwp together, never the LWP number alone. schedctl-nopreempt declares a third argument
 * that the kernel does not pass; it is not used. In *_tick the thread is args[0], which need not be current.
 */

#pragma D option quiet
#pragma D option zdefs
#pragma D option bufsize=16m
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("S1 %d %d begin %d %d %x %s %d %d %s\n", timestamp, cpu, pid, 0, 0, "-", 0, `hz, execname);
}

sched:::on-cpu, sched:::preempt, sched:::remain-cpu, sched:::sleep
{
	printf("S1 %d %d %s %d %d %x %s %d %s\n", timestamp, cpu, probename, curpsinfo->pr_pid,
	    curlwpsinfo->pr_lwpid, curlwpsinfo->pr_addr, stringof(curlwpsinfo->pr_clname), curlwpsinfo->pr_pri,
	    curpsinfo->pr_fname);
}

sched:::off-cpu
{
	printf("S1 %d %d off-cpu %d %d %x %s %d %d %d %d %d %x %d %s\n", timestamp, cpu, curpsinfo->pr_pid,
	    curlwpsinfo->pr_lwpid, curlwpsinfo->pr_addr, stringof(curlwpsinfo->pr_clname), curlwpsinfo->pr_pri,
	    curlwpsinfo->pr_state, curlwpsinfo->pr_stype, args[1]->pr_pid, args[0]->pr_lwpid, args[0]->pr_addr,
	    args[0]->pr_pri, curpsinfo->pr_fname);
}

sched:::enqueue
{
	printf("S1 %d %d enqueue %d %d %x %s %d %d %d %s\n", timestamp, cpu, args[1]->pr_pid, args[0]->pr_lwpid,
	    args[0]->pr_addr, stringof(args[0]->pr_clname), args[0]->pr_pri, args[2]->cpu_id, args[3] != 0,
	    args[1]->pr_fname);
}

sched:::dequeue
{
	printf("S1 %d %d dequeue %d %d %x %s %d %d %s\n", timestamp, cpu, args[1]->pr_pid, args[0]->pr_lwpid,
	    args[0]->pr_addr, stringof(args[0]->pr_clname), args[0]->pr_pri, args[2]->cpu_id, args[1]->pr_fname);
}

sched:::wakeup
{
	printf("S1 %d %d wakeup %d %d %x %s %d %d %d %s\n", timestamp, cpu, args[1]->pr_pid, args[0]->pr_lwpid,
	    args[0]->pr_addr, stringof(args[0]->pr_clname), args[0]->pr_pri, curpsinfo->pr_pid,
	    curlwpsinfo->pr_lwpid, args[1]->pr_fname);
}

sched:::change-pri
{
	printf("S1 %d %d change-pri %d %d %x %s %d %d %s\n", timestamp, cpu, args[1]->pr_pid, args[0]->pr_lwpid,
	    args[0]->pr_addr, stringof(args[0]->pr_clname), args[0]->pr_pri, args[2], args[1]->pr_fname);
}

sched:::tick, sched:::surrender
{
	printf("S1 %d %d %s %d %d %x %s %d %s\n", timestamp, cpu, probename, args[1]->pr_pid, args[0]->pr_lwpid,
	    args[0]->pr_addr, stringof(args[0]->pr_clname), args[0]->pr_pri, args[1]->pr_fname);
}

sched:::schedctl-nopreempt, sched:::schedctl-preempt
{
	printf("S1 %d %d %s %d %d %x %s %d %s %s\n", timestamp, cpu, probename, args[1]->pr_pid,
	    args[0]->pr_lwpid, args[0]->pr_addr, stringof(args[0]->pr_clname), args[0]->pr_pri, probefunc,
	    args[1]->pr_fname);
}

/* Proposed in illumos issue 14079; its argument is a kthread_t, which the translators turn into the same. */
sched:::schedctl-failsafe
{
	this->l = xlate <lwpsinfo_t *>((kthread_t *)arg0);
	this->p = xlate <psinfo_t *>((kthread_t *)arg0);
	printf("S1 %d %d schedctl-failsafe %d %d %x %s %d %s %s\n", timestamp, cpu, this->p->pr_pid,
	    this->l->pr_lwpid, this->l->pr_addr, stringof(this->l->pr_clname), this->l->pr_pri, probefunc,
	    this->p->pr_fname);
}

sched:::schedctl-yield
{
	printf("S1 %d %d schedctl-yield %d %d %x %s %d %d %s %s\n", timestamp, cpu, curpsinfo->pr_pid,
	    curlwpsinfo->pr_lwpid, curlwpsinfo->pr_addr, stringof(curlwpsinfo->pr_clname), curlwpsinfo->pr_pri,
	    (long)arg0, probefunc, curpsinfo->pr_fname);
}

syscall::schedctl:return
/errno == 0/
{
	printf("S1 %d %d slot %d %d %x %s %d %x %s\n", timestamp, cpu, curpsinfo->pr_pid, curlwpsinfo->pr_lwpid,
	    curlwpsinfo->pr_addr, stringof(curlwpsinfo->pr_clname), curlwpsinfo->pr_pri, arg1,
	    curpsinfo->pr_fname);
}

proc:::lwp-exit
{
	printf("S1 %d %d exit %d %d %x %s %d %s\n", timestamp, cpu, curpsinfo->pr_pid, curlwpsinfo->pr_lwpid,
	    curlwpsinfo->pr_addr, stringof(curlwpsinfo->pr_clname), curlwpsinfo->pr_pri, curpsinfo->pr_fname);
}
