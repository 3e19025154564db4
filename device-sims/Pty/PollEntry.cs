using System.Runtime.InteropServices;

namespace EdgeHub.DeviceSims.Pty;

/// <summary>One <c>struct pollfd</c> of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    internal int File;
    internal short Wanted;
    internal short Returned;
}
