// Tests start real processes, brokers and disks: side by side they would measure each other.
[assembly: CaptureConsole]
