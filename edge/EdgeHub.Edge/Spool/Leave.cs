namespace EdgeHub.Edge.Spool;

/// <summary>How far the spool must go to make room, mildest first.</summary>
enum Leave
{
    /// <summary>Normal readings become minutes.</summary>
    Thin,

    /// <summary>Normal readings and minutes go.</summary>
    Drop,

    /// <summary>Urgent readings go too.</summary>
    DropUrgent,
}
