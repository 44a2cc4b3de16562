/**
 * `/init` of the guest. Console hvc0 has the kernel's messages and an interactive shell, hvc1 has the agent.
 *
 * Features that a kernel lacks (a module, debugfs, a second console) are skipped. The agent's answers show what exists.
 */
export const INIT_SCRIPT = `#!/bin/busybox sh
export PATH=/bin HOME=/root
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
mount -t tmpfs tmpfs /tmp
for module in /modules/*.ko; do
  # A driver without a device fails to load; other errors are in the kernel log.
  insmod "$module" 2>/dev/null
done
for file in mobility.c dlpar.c; do
  echo "file $file +p" >/sys/kernel/debug/dynamic_debug/control
done
dmesg -n 8
hostname transplant
if [ -c /dev/hvc1 ]; then
  while :; do setsid sh /bin/agent; done <>/dev/hvc1 >&0 2>/dev/null &
fi
while :; do
  setsid cttyhack sh
done
`;
