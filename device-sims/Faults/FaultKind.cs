namespace EdgeHub.DeviceSims.Faults;

/// <summary>What can go wrong with a frame. The command line knows each by its name in lower case.</summary>
public enum FaultKind
{
    /// <summary>Random bytes between frames: before a streamed one, behind a reply.</summary>
    Garbage,

    /// <summary>One bit of the frame is flipped, so that its checksum or CRC is wrong.</summary>
    Crc,

    /// <summary>The frame arrives in two halves with a pause between them; its values count.</summary>
    Split,

    /// <summary>The frame is not sent at all.</summary>
    Silence,

    /// <summary>Instead of sending the frame, the port is unplugged, and plugged in again a little later.</summary>
    HangUp,
}
