namespace EdgeHub.DeviceSims.Faults;

/// <summary>What can go wrong with a device. A scenario, the command line and the control channel know each by its name in lower case, words parted by dashes.</summary>
public enum FaultKind
{
    /// <summary>Noise: random bytes between frames, before a streamed one, behind a reply.</summary>
    Garbage,

    /// <summary>One bit behind the frame's header is flipped, so that its checksum or CRC is wrong.</summary>
    Crc,

    /// <summary>The frame arrives in two halves with a pause between them; its values count.</summary>
    Split,

    /// <summary>The frame is not sent at all.</summary>
    Silence,

    /// <summary>Instead of sending the frame, the port is unplugged, and plugged in again a little later.</summary>
    HangUp,

    /// <summary>One bit anywhere in the frame is flipped, its header included.</summary>
    Flip,

    /// <summary>The end of the frame is missing.</summary>
    Truncate,

    /// <summary>Two frames without a pause between them: a stream's next one follows at once, a reply comes twice.</summary>
    Merge,

    /// <summary>The reply comes late.</summary>
    Slow,

    /// <summary>The reply bears another device's address and a right checksum. Devices with an address only.</summary>
    WrongAddress,

    /// <summary>The device says that it cannot. Devices whose protocol has such an answer only.</summary>
    Exception,

    /// <summary>The bytes come as a receiver at half the speed would see them.</summary>
    Baud,

    /// <summary>The device talks all the time, also into the replies of its neighbours.</summary>
    Babble,

    /// <summary>The value that was sent last is sent again.</summary>
    Stuck,

    /// <summary>One value far off the others.</summary>
    Spike,

    /// <summary>The values walk away a little with each frame.</summary>
    Drift,

    /// <summary>The device's own code for "no value". Quantities that have one only.</summary>
    Sentinel,

    /// <summary>The count comes to the end of its register and begins again from 0.</summary>
    Rollover,
}
