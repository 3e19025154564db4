namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>What <see cref="Pms5003Decoder"/> found in the bytes so far.</summary>
public enum PmsStatus
{
    /// <summary>All input is taken and no frame is complete.</summary>
    NeedMore,

    /// <summary>A frame whose checksum is right.</summary>
    Frame,

    /// <summary>A frame's worth of bytes whose checksum is wrong; the search goes on within them.</summary>
    BadChecksum,

    /// <summary>A run of bytes that belong to no frame was skipped.</summary>
    Garbage,

    /// <summary>A checked frame of another Plantower model, told by its length.</summary>
    OtherModel,
}
