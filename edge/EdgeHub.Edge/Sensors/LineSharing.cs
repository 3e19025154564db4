namespace EdgeHub.Edge.Sensors;

/// <summary>Who may be on one line together: sensors whose drivers say the same word here, other than <see cref="Alone"/>.</summary>
public enum LineSharing
{
    /// <summary>One sensor, one line: it talks by itself.</summary>
    Alone,

    /// <summary>Instruments with addresses that speak when asked.</summary>
    Bus,

    /// <summary>The lines of one GPIO chip.</summary>
    Gpio,

    /// <summary>Parts with addresses on an I2C bus.</summary>
    I2c,
}
